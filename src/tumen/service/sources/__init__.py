"""Where the service's entities come from: the store's list versions, or a manifest."""
