# Pages of a board, what was changed, and what waits to be sent.
