"""The agents' pages, rendered here and filled in by htmx: everything works without JavaScript too, except what comes by itself."""
