"""How the domain looks to a machine: strict parsing, problem documents, pages of lists."""
