"""Who calls the API, and what their key lets them do."""
