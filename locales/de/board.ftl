# Pages of a board, what was changed, and what waits to be sent.

# Edits that the server has not got yet; a number follows.
outbox-kept = Der Server ist gerade nicht erreichbar. Ihre Änderungen sind auf diesem Gerät gespeichert und werden gesendet, sobald er wieder da ist. Noch zu senden:
outbox-send = Jetzt versuchen
outbox-drop = Doch nicht senden
outbox-sent = Der Server ist wieder da. Alle Ihre Änderungen sind gespeichert.
