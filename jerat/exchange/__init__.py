"""What leaves a case and what comes into it: entity lists, files for other programs, posts from files."""
