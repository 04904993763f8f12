"""The sales desk: what reps, finance and operations see and do."""
