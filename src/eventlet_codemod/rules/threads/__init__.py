"""Starting work in the background."""
