"""What the demo and the scenarios share: a network brought up, watched, pinged and taken down without a trace."""
