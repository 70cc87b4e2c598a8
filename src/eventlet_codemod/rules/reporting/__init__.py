"""What no rule rewrites is reported, use by use."""
