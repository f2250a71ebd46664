# What pages say: the shell, the board, the catalogue, forms and texts.

# Around every page.
shell-description = Ihre eigene Startseite mit den öffentlichen Diensten, die für Sie zählen: Züge, Abfall, Baustellen, Gemeinderat, Warnungen.
shell-skip = Zum Inhalt
shell-catalogue = Karten wählen
shell-home = Meine Seite
shell-language = Sprache
shell-promise = Was Sie wählen, bleibt hier. Kein Konto, keine Werbung, niemand schaut mit.
shell-services = Wie arbeiten die Dienste?
shell-privacy = Datenschutz
shell-accessibility = Barrierefreiheit
shell-about = Über Voordeur
shell-own-card = Eine eigene Karte bauen

# The board.
board-edit = Seite anpassen
board-done = Fertig
board-cards = Ihre Karten
board-place = Ihr Ort
board-place-guess = nicht richtig? Ort wählen
board-sample = Beispiel
board-samples = Die Karten unten zeigen gespeicherte Beispiele, keine aktuellen Daten.
board-arranging = Bringen Sie Ihre Karten in die Reihenfolge und Breite, die Sie möchten. Jede Änderung ist sofort gespeichert.
board-add = Karte hinzufügen
board-undo = Rückgängig machen
board-empty = Ihre Seite ist noch leer. Wählen Sie eine Karte, die Sie jeden Tag sehen möchten.

# The buttons of a card; the card's title follows.
card-refresh = Aktualisieren
card-again = Erneut versuchen
card-reload = Seite neu laden
card-settings = Einstellungen
card-fill-in = Ausfüllen
card-earlier = Nach vorn
card-later = Nach hinten
card-wider = Breiter
card-narrower = Schmaler
card-remove = Entfernen

# The questions for who is new here.
welcome-title = Willkommen an Ihrer Haustür
welcome-text = Sagen Sie, wo Sie wohnen und was Sie interessiert, und Ihre Seite ist fertig. Ein Konto ist nicht nötig.
welcome-place = Ihre Postleitzahl oder Gemeinde
welcome-place-hint = Zum Beispiel 4700 oder Eupen.
welcome-interests = Was möchten Sie sehen?
welcome-save = Meine Seite erstellen
welcome-skip = Jetzt nicht
welcome-page-title = Ihr Ort und Ihre Interessen
welcome-page-lead = Karten ohne eigenen Ort folgen diesem Ort.
welcome-page-save = Speichern
welcome-page-skip = Nichts ändern

# The catalogue.
catalogue-title = Wählen Sie Ihre Karten
catalogue-lead = Jede Karte zeigt einen öffentlichen Dienst.
catalogue-search = Karte oder Dienst suchen
catalogue-find = Suchen
catalogue-theme = Thema
catalogue-all = Alles
catalogue-none = Keine Karte gefunden. Versuchen Sie ein anderes Wort oder wählen Sie „Alles“.
catalogue-count =
    { $count ->
        [one] { $count } von { $total } Karten
       *[other] { $count } von { $total } Karten
    }
catalogue-add = Hinzufügen
catalogue-add-again = Noch eine hinzufügen
catalogue-have = Auf Ihrer Seite

# The page of a widget.
widget-back = Alle Karten
widget-source = Woher es kommt
widget-publisher = Herausgeber
widget-licence = Lizenz
widget-pace = Wie oft wir fragen
widget-theme = Thema
widget-evidence = Wie sicher es ist
widget-tier = Wie gut sie geprüft ist
tier-bronze-means = Bronze: Die Karte funktioniert mit ihren Beispielen und nennt ihre Quelle und Lizenz.
tier-silver-means = Silber: Die Karte funktioniert in jeder Sprache und in jedem Zustand, prüft, was Sie ausfüllen, und sagt, worauf ihre Beispiele beruhen.
tier-gold-means = Gold: wie Silber. Die Karte weist auch jede beschädigte Antwort zurück, die versucht wurde, jemand kümmert sich um sie, und sie wurde mit dem echten Dienst getestet.
widget-fields = Was die Karte von Ihnen wissen will
widget-asked = Was wir dem Dienst mitteilen
widget-asked-nothing = Nichts über Sie. Unser Server stellt für alle dieselbe Frage; Ihr Browser fragt nichts.
widget-asked-text = Unser Server fragt, nie Ihr Browser: der Dienst sieht also nicht, wer Sie sind. Das wird mitgeschickt:
widget-sent = Erhält:
widget-sent-nothing = nichts über Sie
widget-no-key = Funktioniert hier noch nicht: Der Betreiber muss zuerst einen Schlüssel anfordern.
widget-key-page = Wo man einen Schlüssel bekommt
widget-hosts = Andere Adressen als diese kann die Karte nicht erreichen: { $hosts }.
widget-any-host = Die Karte fragt nur die Adresse ab, die Sie angeben, und nur, wenn sie für alle erreichbar ist.
host-of-your-own = die Adresse, die Sie angeben

# The settings of a card.
settings-title = Einstellungen von „{ $card }“
settings-lead = Was Sie hier eingeben, gilt nur für diese Karte.
settings-problem = Etwas stimmt nicht. Prüfen Sie, was unten markiert ist.
settings-optional = (freiwillig)
settings-own-place = Leer lassen, um { $place } zu verwenden.
settings-between = Von { $least } bis { $most } { $unit }.
settings-save = Speichern
settings-cancel = Nicht speichern

# How the services are doing.
services-title = Wie arbeiten die Dienste?
services-lead = Fällt ein Dienst aus, merken das nur die Karten, die ihn brauchen.

# Privacy.
privacy-title = Datenschutz
privacy-lead = Was wir von Ihnen aufbewahren, was nicht, und was jeder Dienst erfährt.
privacy-kept-title = Was wir aufbewahren
privacy-kept = Ihre Karten und Seiten, deren Reihenfolge und Einstellungen, Ihren Ort, Ihre Interessen, Ihre Sprache und wie die Seiten aussehen. Keinen Namen, keine E-Mail-Adresse, kein Passwort.
privacy-kept-changes = Ihre letzten fünfzig Änderungen mit der Uhrzeit, damit Sie sie rückgängig machen können.
privacy-kept-visits = Wann Sie zum ersten Mal etwas gewählt haben und wann Sie ungefähr zuletzt hier waren.
privacy-kept-feeds = Zu jeder Webadresse Ihrer Agenda: um welche Karte es geht, und wann sie zuletzt gelesen wurde. Den geheimen Teil können wir nicht mehr lesen.
privacy-kept-answers = Was die Dienste geantwortet haben. Dabei steht nicht, für wen es war.
privacy-browser = Ist unser Server kurz nicht erreichbar, bewahrt Ihr Browser Ihre Änderungen auf Ihrem eigenen Gerät auf. Sobald sie gesendet sind, sind sie dort weg.
privacy-offline = Sagen Sie, dass dies Ihr eigenes Gerät ist, bewahrt Ihr Browser auch Ihre letzten Seiten auf, für die Zeit ohne Internet. Nach sieben Tagen ohne neuen Besuch zeigen wir eine solche Kopie nicht mehr.
privacy-how-long-title = Wie lange wir es aufbewahren
privacy-how-long = Kommen Sie 90 Tage nicht vorbei, löschen wir Ihre Seite und alles, was dazugehört. Mit jedem Besuch beginnen die 90 Tage von vorn, auch für das Cookie. In einer Sicherungskopie des Betreibers dieser Website kann es noch eine Weile stehen.
privacy-cookie = Ihre Seite ist an einen zufälligen Schlüssel in einem Cookie gebunden. Skripte können dieses Cookie nicht lesen. Ohne den Schlüssel findet niemand Ihre Seite; wir wissen nicht, wem sie gehört.
privacy-shared = Nutzen Sie einen gemeinsamen Computer? Löschen Sie danach alles:
privacy-not-title = Was wir nicht tun
privacy-not = Ein Konto ist nicht nötig. Wir verfolgen Sie nicht, wir messen Ihre Besuche nicht, und auf der Seite ist nichts von Dritten: keine Werbung, keine Schriften, keine Statistik von anderswo. Ihr Browser spricht nur mit diesem Server.
privacy-services-title = Was jeder Dienst erfährt
privacy-services = Unser Server fragt die Daten ab, nie Ihr Browser. Der Dienst sieht also die Adresse unseres Servers und nicht Ihre. Er erfährt nur, was hier steht, und nur wenn die Karte auf Ihrer Seite ist.
privacy-told = Erhält:
privacy-told-nothing = nichts über Sie
privacy-gone-title = Wie Sie alles löschen
privacy-gone = Mit einer Taste löschen Sie alles sofort, in diesem Browser und auf unserem Server. Nur in einer Sicherungskopie des Betreibers kann es noch eine Weile stehen. Löschen Sie selbst die Cookies dieser Website, ist der Schlüssel weg und niemand kann Ihre Seite mehr öffnen; was wir aufbewahren, löschen wir dann nach 90 Tagen von selbst.

# About.
about-title = Über Voordeur
about-lead = Eine Startseite, die Sie selbst aus öffentlichen Diensten zusammenstellen.
about-what-title = Was es ist
about-what = Behörden legen viele Daten offen: Abfahrtszeiten, Abfallkalender, Baustellen, Luftmessungen, Beschlüsse des Gemeinderats. Sie stehen auf Dutzenden von Websites. Voordeur bringt zusammen, was für Sie zählt, auf einer Seite, die Ihnen gehört.
about-catalogue =
    { $count ->
        [one] Zurzeit gibt es eine Karte zur Auswahl.
       *[other] Zurzeit gibt es { $count } Karten zur Auswahl.
    }
about-catalogue-link = Alle ansehen
about-promises-title = Was wir versprechen
about-promise-broken = Ein langsamer oder defekter Dienst schadet nur seiner eigenen Karte.
about-promise-source = Jede Karte sagt, woher ihre Daten kommen und wie alt sie sind.
about-promise-browser = Ihr Browser spricht nur mit diesem Server. Ihre Angaben gehen nirgendwohin, außer dorthin, wo eine Karte sie braucht.
about-own-title = Eine eigene Karte bauen
about-own = Eine Behörde, ein Unternehmen oder engagierte Bürger können einen Dienst hinzufügen. Meist ohne zu programmieren: Eine Karte ist ein Ordner mit einer Beschreibung und einigen gespeicherten Antworten des Dienstes.
about-own-how = Die Anleitung liegt beim Quelltext, im Ordner widgets. Das Projekt sagt Ihnen genau, was noch nicht stimmt.
about-icons-title = Symbole und Lizenz
about-icons = Voordeur ist freie Software unter der EUPL-1.2. Die Symbole stammen von Lucide, unter der ISC-Lizenz. Die Daten gehören denen, die sie veröffentlichen; die Lizenz steht auf jeder Karte.
about-contact-title = Kontakt
about-contact = So erreichen Sie die Betreiber dieser Website:
about-version = Version { $version }

# The statement about accessibility.
accessibility-title = Barrierefreiheit
accessibility-lead = Eine Haustür ist für alle da. Das tun wir dafür, und das kann noch besser werden.
accessibility-works-title = Was funktioniert
accessibility-works-scripts = Jede Seite und jede Änderung funktioniert ohne JavaScript.
accessibility-works-keyboard = Alles geht mit der Tastatur: eine Karte aufnehmen, in vier Richtungen verschieben, breiter oder schmaler machen, ablegen. Jeder Schritt wird angesagt, und der Fokus bleibt auf der Karte.
accessibility-works-reader = Diagramme und kleine Karten gibt es auch in Worten: ein Satz, eine Tabelle oder eine Liste. Schwere und Verspätung stehen immer in Worten da, nie nur als Farbe.
accessibility-works-look = Sie wählen hell, dunkel oder hohen Kontrast, und luftig oder kompakt. Ohne Wahl folgt die Seite Ihrem Gerät. Die Schrift kann bis 200 % und die Seite bis 400 % größer werden, ohne dass etwas verloren geht. Wer weniger Bewegung wünscht, bekommt weniger Bewegung.
accessibility-tested-title = Wie es geprüft wird
accessibility-tested = Bei jeder Änderung an Voordeur läuft axe über jede Seite, in jeder Farbe und Breite, und die Seiten werden mit Maus, Finger und Tastatur und ohne JavaScript bedient. Der Kontrast jeder Farbe wird nachgerechnet: mindestens 4,5 zu 1, und 7 zu 1 bei hohem Kontrast. Wir streben WCAG 2.2, Stufe AA, an.
accessibility-limits-title = Was noch nicht gut ist
accessibility-limit-people = Das sind maschinelle Prüfungen. Menschen, die täglich einen Screenreader oder andere Hilfsmittel nutzen, haben Voordeur noch nicht beurteilt.
accessibility-limit-language = Was ein Dienst selbst schreibt, gibt es manchmal nur in einer Sprache und nicht immer in einfachen Worten.
accessibility-limit-map = Eine kleine Karte zeigt Entfernung und Richtung, keine Straßen. Die Liste daneben sagt dasselbe in Worten.
accessibility-tell-title = Klappt etwas nicht?
accessibility-tell = Sagen Sie es den Betreibern dieser Website: was Sie tun wollten, womit, und wo es nicht geklappt hat.

# What could not be shown or done.
error-home = Zu meiner Seite
error-catalogue = Karten suchen
error-status = Code { $status }

# Themes of life.
theme-moving-about = Unterwegs
theme-home-and-street = Haus und Straße
theme-weather-and-environment = Wetter und Umwelt
theme-council-and-law = Gemeinde und Recht
theme-family-and-school = Familie und Schule
theme-work-and-money = Arbeit und Geld
settings-after-adding = Die Karte steht vorn auf Ihrer Seite. Füllen Sie dies aus, damit sie etwas zeigt.
settings-after-welcome = Noch eine Frage, dann ist Ihre Seite fertig. Sie können auch später antworten.
settings-own-title = Eigener Titel
settings-own-title-hint = Lassen Sie das Feld leer, um „{ $card }“ zu verwenden.
settings-preview = So sieht die Karte aus, mit einem Beispiel

links-title = Offizielle Seiten
links-kept = Zu diesem Thema gibt es keinen offenen Dienst, den wir abfragen könnten. Darum führt diese Karte zu den offiziellen Seiten. Sie fragt nichts ab und gibt nichts über Sie weiter.
own-title = Nur für Sie
own-kept = Was Sie auf diese Karte schreiben, bewahren wir mit Ihrer Seite auf und nirgends sonst. Die Karte fragt keinen Dienst. Wenn Sie die Karte entfernen, können Sie das noch rückgängig machen; danach ist auch der Text weg.
privacy-kept-own = Was Sie selbst auf eigene Karten schreiben ({ $cards }). Das geht an keinen Dienst.

# Erasing everything.
forget-title = Dieses Gerät vergessen
forget-what = Wir löschen Ihre Seiten, Ihre Karten und deren Einstellungen, Ihren Ort, Ihre Änderungen und die Adressen Ihres Kalenders. Auch das Cookie verschwindet, mit allem, was dieser Browser von uns aufbewahrt. Das lässt sich nicht rückgängig machen.
forget-keep = Möchten Sie Ihre Seite später zurückhaben? Speichern Sie sie zuerst als Datei:
forget-do = Alles löschen
forget-not = Nichts löschen
forget-done-title = Alles ist gelöscht
forget-done = Unser Server und dieser Browser wissen nichts mehr von Ihnen. Ist diese Website noch in einem anderen Tab offen, schließen Sie ihn.
forget-nothing = Von diesem Browser bewahren wir nichts auf.
forget-on = Zu einer neuen Seite

# The device: pages without a network.
device-title = Dieses Gerät
device-lead = Was dieser Browser von Ihnen aufbewahren darf, und wie Sie alles löschen.
offline-title = Auch ohne Internet
offline-what = Ist das Ihr eigenes Gerät? Dann kann dieser Browser Ihre letzte Seite aufbewahren, damit Sie sie auch ohne Internet sehen. Schalten Sie das nicht auf einem gemeinsamen Computer ein. Nach sieben Tagen verschwindet die Kopie von selbst.
offline-is-on = Das ist eingeschaltet.
offline-on = Einschalten: das ist mein Gerät
offline-off = Ausschalten und die Kopie löschen
offline-copy = Keine Verbindung. Sie sehen Ihre Seite von { $day }, { $time }.
offline-greeting = Ihre Seite ohne Internet
