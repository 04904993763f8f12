"""Pages of the post office: inbox, letters, log and what happens by itself."""
