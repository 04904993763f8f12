"""The post office: delivers what each app writes, and keeps a log of it."""
