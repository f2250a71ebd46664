# Pages of a board, what was changed, and what waits to be sent.
page-first = Zuhause
pages-label = Ihre Seiten
page-change = Name und Symbol
page-add = Seite hinzufügen
page-name = Name
page-icon = Symbol
page-icon-home = Haus
page-icon-work = Arbeit
page-icon-school = Schule
page-icon-people = Menschen
page-icon-heart = Herz
page-icon-health = Gesundheit
page-icon-train = Zug
page-icon-bike = Fahrrad
page-icon-weather = Wetter
page-icon-money = Geld
page-icon-star = Stern
page-icon-folder = Ordner
page-save = Speichern
page-earlier = Nach vorn
page-later = Nach hinten
page-remove = Seite entfernen
page-remove-hint = Entfernen Sie eine Seite, gehen ihre Karten mit. Sie können es immer rückgängig machen.
page-empty = Diese Seite ist noch leer. Suchen Sie eine Karte aus, oder bringen Sie eine von einer anderen Seite mit.
page-problem-name = Geben Sie der Seite einen Namen mit höchstens 40 Zeichen.
page-gone = Diese Seite wurde inzwischen in einem anderen Fenster entfernt.
page-last = Das ist Ihre einzige Seite. Sie bleibt.
pages-full = Sie haben schon zwölf Seiten. Entfernen Sie zuerst eine.
edit-unusable = Das konnten wir nicht lesen. Es hat sich nichts geändert; versuchen Sie es noch einmal mit den Knöpfen unten.
board-redo = Wiederholen

# The buttons of a card.
card-more = Mehr
card-first = An den Anfang
card-last = Ans Ende
card-fold = Zuklappen
card-unfold = Aufklappen
card-page = Andere Seite
card-to-page = Verschieben

# What was done.
done-placed = „{ $card }“ steht jetzt auf Platz { $position } von { $total } und nimmt { width-in-words } ein.
done-to-page = „{ $card }“ steht jetzt auf der Seite „{ $page }“, Platz { $position } von { $total }.
done-folded = „{ $card }“ ist zugeklappt.
done-unfolded = „{ $card }“ ist wieder offen.
done-page-added = Die Seite „{ $page }“ ist hinzugefügt.
done-page-changed = Die Seite „{ $page }“ ist angepasst.
done-page-moved = Die Seite „{ $page }“ steht jetzt auf Platz { $position } von { $total }.
done-page-removed = Die Seite ist weg, mit ihren Karten.
done-redone = Die Änderung ist wiederholt.
done-history = Ihre Seite ist wieder wie damals.
done-nothing-to-redo = Es gibt nichts zu wiederholen.
done-without-cookie = Es hat sich nichts geändert: Ihr Browser sendet uns kein Cookie, und ohne dieses können wir Ihre Seite nicht speichern. Erlauben Sie Cookies für diese Website und versuchen Sie es noch einmal.
not-kept-title = Ihre Auswahl wurde nicht gespeichert
not-kept-back = Zurück

# Two tabs that changed the same.
conflict-title = Zweimal geändert
conflict-card = „{ $card }“ wurde inzwischen auch in einem anderen Fenster geändert. Wählen Sie, was Sie behalten wollen; bis dahin bleibt alles, wie es ist.
conflict-now = Die Seite jetzt
conflict-wished = Ihre Version
conflict-keep = Das behalten
conflict-take = Meine Version verwenden
conflict-page-name = Diese Seite bekam inzwischen in einem anderen Fenster einen anderen Namen oder ein anderes Symbol. Sie heißt jetzt „{ $now }“, Sie wollten „{ $mine }“.
conflict-page-remove = Auf dieser Seite wurde inzwischen in einem anderen Fenster etwas geändert. Sie ist noch da; sehen Sie nach, ob sie weg darf.
conflict-page-move = Diese Seite wurde inzwischen in einem anderen Fenster verschoben.
conflict-undo = Inzwischen wurde in einem anderen Fenster etwas geändert. Rückgängig machen nimmt jetzt dies zurück: { $deed }.
conflict-redo = Inzwischen wurde in einem anderen Fenster etwas geändert. Wiederholen macht jetzt dies: { $deed }.
conflict-board = Inzwischen wurde in einem anderen Fenster etwas geändert. Gehen Sie trotzdem zurück, nehmen Sie auch das zurück.
difference-place = Auf der Seite „{ $page }“, Platz { $position }
difference-size = Nimmt { width-in-words } ein
difference-folded = Zugeklappt
difference-unfolded = Offen
difference-gone = Nicht auf Ihrer Seite
difference-setting = { $label }: { $value }
difference-open = nicht ausgefüllt
difference-yes = ja
difference-no = nein

# The history.
history-title = Was Sie geändert haben
history-lead = Die letzten fünfzig Änderungen, die neuesten zuerst. Sie können zu jedem Moment zurück.
history-link = Änderungen
history-empty = Sie haben noch nichts geändert. Was Sie an Ihrer Seite ändern, finden Sie hier wieder.
history-to-board = Zu meiner Seite
history-now = so ist es jetzt
history-undone = rückgängig gemacht
history-go-back = Hierher zurück
history-go-forward = Bis hier wiederholen
history-beginning = Der Anfang
change-gone = So weit zurück bewahren wir es nicht auf.
deed-added = „{ $card }“ hinzugefügt
deed-removed = „{ $card }“ entfernt
deed-put-back = „{ $card }“ zurückgestellt
deed-moved = „{ $card }“ auf Platz { $position }
deed-to-page = „{ $card }“ auf die Seite „{ $page }“, Platz { $position }
deed-resized = „{ $card }“: jetzt { width-in-words }
deed-folded = „{ $card }“ zugeklappt
deed-unfolded = „{ $card }“ aufgeklappt
deed-configured = Einstellungen von „{ $card }“ geändert
deed-arranged = Karten geordnet nach dem, was Ihnen wichtig ist
deed-page-added = Seite „{ $page }“ hinzugefügt
deed-page-changed = Seite „{ $page }“ angepasst
deed-page-moved = Seite „{ $page }“ auf Platz { $position }
deed-page-removed = Seite „{ $page }“ entfernt
deed-changed = Etwas geändert

# Edits that the server has not got yet; a number follows.
outbox-kept = Der Server ist gerade nicht erreichbar. Ihre Änderungen sind auf diesem Gerät gespeichert und werden gesendet, sobald er wieder da ist. Noch zu senden:
outbox-unkept = Der Server ist gerade nicht erreichbar, und dieser Browser kann nichts speichern. Lassen Sie diese Seite offen: Ihre Änderungen werden gesendet, sobald er wieder da ist. Noch zu senden:
outbox-send = Jetzt versuchen
outbox-drop = Änderungen verwerfen
outbox-sent = Der Server ist wieder da. Alle Ihre Änderungen sind gespeichert.
day-over = Der Server ist nicht erreichbar. Was Sie hier sehen, stammt noch von:

# The width of a card, as part of a sentence.
width-in-words = { $size ->
        [narrow] eine Spalte
        [wide] zwei Spalten
       *[other] die ganze Breite
    }
deed-started = Karten für Ihren Ort und Ihre Interessen gewählt
deed-set = „{ $set }“ hinzugefügt
done-set-added = Die Karten stehen vorn auf Ihrer Seite.

deed-ticked = Etwas auf „{ $card }“ abgehakt
deed-unticked = Etwas wieder auf „{ $card }“ gesetzt
deed-item-added = Etwas zu „{ $card }“ hinzugefügt
deed-items-cleared = Abgehaktes von „{ $card }“ entfernt

# The band of today above the cards.
today-title = Heute
today-weather = Wetter
today-departure = Nach { $to }
today-delay = +{ $minutes } Min.
today-put-out = Heute Abend rausstellen
today-collected-tomorrow = wird morgen abgeholt
today-collected = Abholung heute
today-further = und { $count } weitere

# The board on a wall.
wall-title = Wandbildschirm
wall-updated = Aktualisiert um { $time }
wall-offline = Keine Verbindung. Sie sehen die Daten von { $time }.
wall-pause = Pause
wall-resume = Weiter
wall-next = Nächste Seite
wall-close = Schließen
