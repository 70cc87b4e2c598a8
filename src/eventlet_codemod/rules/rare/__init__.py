"""Parts of eventlet that few programs use: most are left, with code that does without."""
