# Pages of a board, what was changed, and what waits to be sent.

# Edits that the server has not got yet; a number follows.
outbox-kept = De server is even niet bereikbaar. Wat je verandert, is bewaard op dit toestel en gaat mee zodra hij terug is. Nog te versturen:
outbox-send = Probeer nu
outbox-drop = Toch niet doen
outbox-sent = De server is terug. Alles wat je veranderde, is bewaard.
