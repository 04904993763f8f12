"""Where orders come from: channels, their keys and scopes, and answers given once."""
