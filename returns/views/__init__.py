"""The staff screens, and the customers' way to start a return."""
