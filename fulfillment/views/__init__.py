"""The staff screens: the queue, one piece of work, the stations, what left."""
