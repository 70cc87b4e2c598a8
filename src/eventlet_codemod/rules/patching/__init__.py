"""What patches the process, and what blocks the hub until patching is off."""
