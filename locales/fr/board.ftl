# Pages of a board, what was changed, and what waits to be sent.

# Edits that the server has not got yet; a number follows.
outbox-kept = Le serveur ne répond pas pour l’instant. Vos changements sont gardés sur cet appareil et partiront dès son retour. Encore à envoyer :
outbox-send = Essayer maintenant
outbox-drop = Ne pas envoyer
outbox-sent = Le serveur répond à nouveau. Tous vos changements sont enregistrés.
