"""The ground floor: the nouns everyone uses, and the roof that names the rooms."""
