"""Documents that describe a service (OpenAPI), read as data only: what can be asked of it becomes tools."""
