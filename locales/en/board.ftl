# Pages of a board, what was changed, and what waits to be sent.

# Edits that the server has not got yet; a number follows.
outbox-kept = The server cannot be reached just now. Your changes are kept on this device and go out as soon as it is back. Still to send:
outbox-send = Try now
outbox-drop = Do not send them
outbox-sent = The server is back. All your changes are saved.
