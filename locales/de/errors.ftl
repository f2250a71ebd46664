# Error pages that need no store: too many requests, wrong host, unreadable form.
error-busy-title = Gerade ist hier sehr viel los
error-busy = Es kommen mehr Menschen, als wir auf einmal empfangen können. Ihre Seite ist aufbewahrt. Versuchen Sie es in ein paar Sekunden noch einmal.
error-crowd-title = Einen Moment Geduld
error-crowd = Aus Ihrem Netz kommen gerade sehr viele Anfragen auf einmal. Warten Sie eine Minute und versuchen Sie es dann noch einmal. Ihre Seite hat sich nicht geändert.
error-host-title = Das ist nicht die richtige Adresse
error-host = Mit diesem Link kommen Sie ans Ziel:
error-form-title = Dieses Formular ist nicht richtig angekommen
error-form = Es war zu groß oder hat zu lange gedauert. Ihre Seite hat sich nicht geändert. Gehen Sie zurück und versuchen Sie es noch einmal.
error-space-title = Für eine neue Seite ist gerade kein Platz
error-space = Unsere Festplatte ist fast voll, darum können wir zurzeit keine neuen Seiten speichern. Umsehen können Sie sich trotzdem. Versuchen Sie es später noch einmal, oder melden Sie es den Betreibern dieser Website.
