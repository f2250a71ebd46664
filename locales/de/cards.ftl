# What cards, messages, dates and forms say.
# The spaces in a time do not break.
clock = { $hour }.{ $minute }
time = { $hour }.{ $minute } Uhr
day-in-full = { $weekday }, { $day }. { $month } { $year }
day = { $day }. { $month }
day-and-year = { $day }. { $month } { $year }
day-and-time = { $day } um { $time }
yesterday = gestern
today = heute
tomorrow = morgen
days-ago = { $days ->
        [one] vor { $days } Tag
       *[other] vor { $days } Tagen
    }
in-days = { $days ->
        [one] in { $days } Tag
       *[other] in { $days } Tagen
    }
in-weeks = { $weeks ->
        [one] in { $weeks } Woche
       *[other] in { $weeks } Wochen
    }
age-minutes = { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
age-hours = { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
age-days = { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
every-minutes = { $count ->
        [one] jede Minute
       *[other] alle { $count } Minuten
    }
every-hours = { $count ->
        [one] jede Stunde
       *[other] alle { $count } Stunden
    }
every-days = { $count ->
        [one] jeden Tag
       *[other] alle { $count } Tage
    }
times = { $from }–{ $until } Uhr
until-day = bis einschließlich { $day }
from-day = ab { $day }
on-day = am { $day }
from-until-day = vom { $from } bis einschließlich { $until }
until-moment = { $kind ->
        [today] bis { $time }
        [date] bis zum { $moment }
       *[other] bis { $moment }
    }
from-moment = { $kind ->
        [date] ab dem { $moment }
       *[other] ab { $moment }
    }
from-until = { $from_kind ->
        [date] vom { $from_day }
       *[day] von { $from_day }
    } { $from_clock } bis { $until_kind ->
        [same] { $until_clock } Uhr
        [date] zum { $until_day } { $until_clock } Uhr
       *[day] { $until_day } { $until_clock } Uhr
    }
platform = Gleis { $platform }
late = +{ $minutes } Min., erwartet { $time }
cancelled = fällt aus
minutes = { $minutes } Min.
arrives = Ankunft { $time }
changes = { $count ->
        [one] 1 Umstieg
       *[other] { $count } Umstiege
    }
towards = Richtung { $to }
leg = { $from } { $departs }, { $to } { $arrives }: { $duration } Fahrt.
forecast-day = Tag
forecast-weather = Wetter
forecast-rain = Regen
forecast-low = Tiefstwert
forecast-high = Höchstwert
forecast-over = Diese Vorhersage ist abgelaufen.
forecast-degrees = { $low } bis { $high } Grad
forecast-wind = Wind { $wind } km/h
weather-clear = klar
weather-partly-cloudy = leicht bewölkt
weather-cloudy = bedeckt
weather-fog = Nebel
weather-drizzle = Nieselregen
weather-rain = Regen
weather-showers = Regenschauer
weather-sleet = Schneeregen oder Hagel
weather-snow = Schnee
weather-snow-showers = Schneeschauer
weather-thunder = Gewitter
weather-wind = viel Wind
gauge-scale = auf einer Skala von { $low } bis { $high }
severity-minor = Hinweis:
severity-moderate = Vorsicht:
severity-severe = Gefahr:
severity-extreme = Große Gefahr:
map-label = Orte im Umkreis von { $distance }: Die Zahlen auf der Karte gehören zur Liste.
series-summary = Letzter Wert { $latest }, niedrigster { $lowest }, höchster { $highest }.
series-table = Als Tabelle zeigen
series-column-moment = Zeitpunkt
source-link = Quelle
alert-link = Mehr
sample = Beispiel vom { $moment }: keine echten Daten.
further = { $count ->
        [one] Und noch 1
       *[other] Und noch { $count }
    }
remark-left-out = { $count ->
        [one] Eine Angabe dieses Dienstes war unlesbar und fehlt hier.
       *[other] { $count } Angaben dieses Dienstes waren unlesbar und fehlen hier.
    }
times-of = Ortszeit: { $city ->
        [Lisbon] Lissabon
        [Athens] Athen
        [Bucharest] Bukarest
        [Moscow] Moskau
        [Kyiv] Kiew
        [Azores] Azoren
        [Canary] Kanarische Inseln
        [Tokyo] Tokio
        [Mexico_City] Mexiko-Stadt
       *[other] { $name }
    }
state-waiting = { $publisher } hat noch nicht geantwortet. Die Daten erscheinen, sobald sie da sind.
state-stale-since = Diese Daten sind vom { $moment }. { $reason }
state-stale = Diese Daten sind { $age } alt. { $reason }
state-refreshing = Wir holen gerade die neuesten.
state-needs-setting = Bitte zuerst ausfüllen: { $field }.
failure-slow = { $publisher } antwortet zu langsam.
failure-unreachable = { $publisher } ist nicht erreichbar.
failure-name-not-found = Die Internetadresse von { $publisher } ist zurzeit nicht zu finden.
failure-not-secure = Eine sichere Verbindung mit { $publisher } gelingt zurzeit nicht.
failure-broken = { $publisher } hat eine Störung.
failure-refused = { $publisher } lehnt unsere Anfrage zurzeit ab.
failure-no-key = Für { $publisher } ist ein Schlüssel nötig, der hier noch nicht eingerichtet ist.
failure-not-public = Die angegebene Webadresse ist nicht für alle erreichbar. Bitte prüfen Sie sie.
failure-too-large = { $publisher } sendet zu viele Daten auf einmal.
failure-unreadable = { $publisher } antwortet anders als erwartet.
failure-changed = { $publisher } antwortet anders als früher: Diese Karte versteht den Dienst nicht mehr.
failure-not-a-feed = Unter dieser Adresse gibt es weder einen Nachrichten-Feed noch eine Website, die einen ankündigt. Bitte prüfen Sie die Adresse.
failure-not-a-calendar = Unter dieser Adresse gibt es keinen Kalender. Bitte prüfen Sie die Adresse.
own-licence = © der Herausgeber
failure-busy = Gerade wollen zu viele gleichzeitig etwas von { $publisher }.
failure-paused = Der Betreiber dieser Website hat { $publisher } vorübergehend angehalten.
state-unavailable = { $reason } Wir versuchen es bald wieder. Bis dahin hilft die Website des Dienstes.
widget-gone = Diese Karte gibt es nicht mehr. Sie können sie entfernen.
greeting-morning = Guten Morgen
greeting-day = Guten Tag
greeting-evening = Guten Abend
done-added = „{ $card }“ ist auf Ihrer Seite.
done-removed = „{ $card }“ ist entfernt.
done-moved = „{ $card }“ steht jetzt auf Platz { $position } von { $total }.
done-resized = „{ $card }“ nimmt jetzt { width-in-words } ein.
done-settings = Die Einstellungen von „{ $card }“ sind gespeichert.
done-refreshed = „{ $card }“ ist aktualisiert.
done-not-refreshed = „{ $card }“ konnte noch nicht aktualisiert werden. Versuchen Sie es gleich noch einmal.
done-undone = Die letzte Änderung ist rückgängig gemacht.
done-nothing-to-undo = Es gibt nichts rückgängig zu machen.
done-welcome = Fertig. Sie sehen jetzt, was für { $place } gilt.
action-undo = Rückgängig machen
action-do-anyway = Trotzdem ausführen
conflict = Diese Seite wurde inzwischen in einem anderen Fenster geändert. Ihre Änderung ist noch nicht ausgeführt; unten sehen Sie die Seite, wie sie jetzt ist.
board-full = Ihre Seite ist voll. Entfernen Sie zuerst eine Karte.
board-too-large = Ihre Seite wird zu groß. Am längsten ist „{ $field }“ bei { $card }. Kürzen Sie das oder entfernen Sie eine Karte. Es wurde nichts geändert.
board-too-large-cards = Ihre Seite wird zu groß. Entfernen Sie eine Karte. Es wurde nichts geändert.
edit-no-space = Aus Ihrem Netz wurde heute schon sehr viel gespeichert. Versuchen Sie es morgen noch einmal. Es wurde nichts geändert.
service-answers = antwortet
service-fails = antwortet nicht richtig
service-not-asked = noch nicht abgefragt
service-samples = nicht abgefragt: Es werden Beispiele gezeigt
conflict-gone = Diese Karte wurde inzwischen in einem anderen Fenster entfernt.
problem-missing-field = Bitte füllen Sie „{ $label }“ aus.
problem-missing = Bitte ausfüllen.
problem-too-long = Höchstens { $longest } Zeichen.
problem-too-long-field = Höchstens { $longest } Zeichen für „{ $label }“.
problem-too-many-bytes = Das ist zu lang. Nehmen Sie weniger Zeichen; ein Emoji zählt für vier.
problem-board-too-large = Ihre Seite wird zu groß, um das zu speichern. Kürzen Sie es, oder entfernen Sie zuerst eine Karte.
problem-not-a-number = Bitte eine Zahl eingeben.
problem-out-of-bounds = Bitte eine Zahl von { $least } bis { $most } eingeben.
problem-not-a-choice = Bitte eine der Möglichkeiten wählen.
problem-not-a-plate = Bitte ein Kennzeichen eingeben, zum Beispiel 11-ZKZ-3.
problem-not-a-web-address = Bitte eine Webadresse eingeben, zum Beispiel https://www.beispiel.be/nachrichten.rss.
problem-unknown-place = Diesen Ort kennen wir nicht. Bitte eine belgische Postleitzahl oder Gemeinde eingeben.
problem-unknown-place-similar = Diesen Ort kennen wir nicht. Meinen Sie { $similar }?
problem-not-a-day = Bitte einen Tag wählen, zum Beispiel 23.11.2026.
problem-day-between = Bitte einen Tag von { $earliest } bis { $latest } wählen.
problem-day-late = Bitte einen Tag bis { $latest } wählen.
problem-day-early = Bitte einen Tag ab { $earliest } wählen.
problem-too-short = Bitte mindestens { $least } Zeichen eingeben.
problem-nothing-found = Damit finden wir nichts. Versuchen Sie ein anderes Wort.
problem-not-chosen = Bitte eine der Möglichkeiten unten wählen.
problem-cannot-look-up = Im Moment kann nichts gesucht werden: Der Dienst antwortet nicht. Versuchen Sie es später noch einmal.
lookup-found = { $count ->
        [one] Eine Möglichkeit gefunden.
       *[other] { $count } Möglichkeiten gefunden.
    }
lookup-search = Suchen
lookup-choose = Wählen Sie eine dieser Möglichkeiten
problem-summary = { $count ->
        [one] Eine Antwort können wir nicht verwenden.
       *[other] { $count } Antworten können wir nicht verwenden.
    }
fact-place = Ihr Ort
evidence-recorded = Mit einer echten Antwort des Dienstes getestet
evidence-client = Nach Programmen, die den Dienst nutzen
evidence-documented = Nach der Dokumentation des Dienstes
error-not-found-title = Diese Seite gibt es nicht
error-not-found = Vielleicht ist in der Adresse ein Tippfehler, oder die Seite ist umgezogen.
error-foreign-title = Diese Änderung kam von einer anderen Website
error-foreign = Zu Ihrer Sicherheit wurde sie nicht ausgeführt. Öffnen Sie Ihre Seite und versuchen Sie es dort.
error-unread-title = Das konnten wir nicht lesen
error-unread = In der Adresse oder im Formular stimmt etwas nicht. Ihre Seite hat sich nicht geändert. Gehen Sie zurück und versuchen Sie es noch einmal.
error-broken-title = Bei uns ist etwas schiefgegangen
error-broken = Ihre Seite ist unverändert. Versuchen Sie es gleich noch einmal.
error-store-title = Speichern geht gerade nicht
error-store = Es wurde nichts geändert und nichts ist verloren. Ihre Seite können Sie weiter ansehen. Versuchen Sie es in einigen Minuten noch einmal.
live-lost = Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.
weekday-1 = Montag
weekday-2 = Dienstag
weekday-3 = Mittwoch
weekday-4 = Donnerstag
weekday-5 = Freitag
weekday-6 = Samstag
weekday-7 = Sonntag
weekday-short-1 = Mo
weekday-short-2 = Di
weekday-short-3 = Mi
weekday-short-4 = Do
weekday-short-5 = Fr
weekday-short-6 = Sa
weekday-short-7 = So
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = März
month-short-4 = Apr
month-short-5 = Mai
month-short-6 = Juni
month-short-7 = Juli
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Okt
month-short-11 = Nov
month-short-12 = Dez

# Eigene Karten: Sie haben keinen Dienst.
own-source = Das steht nur auf Ihrer eigenen Seite
own-waiting = Diese Karte ist noch nicht fertig. Sie erscheint gleich.
own-unavailable = Diese Karte können wir gerade nicht zeigen. Was Sie geschrieben haben, ist noch da.
links-source = Links zu offiziellen Seiten
links-unavailable = Diese Karte können wir gerade nicht zeigen. Versuchen Sie es später noch einmal.
own-write = Ändern
own-list-add = Hinzufügen
own-list-new = Etwas hinzufügen
own-list-clear = Abgehaktes entfernen
own-list-gone = Das steht nicht mehr auf der Liste. Es hat sich nichts geändert.
own-list-refused = Das konnte nicht hinzugefügt werden. { $problem }
done-ticked = Auf „{ $card }“ abgehakt.
done-unticked = Wieder auf „{ $card }“ gesetzt.
done-item-added = Zu „{ $card }“ hinzugefügt.
done-items-cleared = Das Abgehakte ist von „{ $card }“ entfernt.
problem-line-not-an-address = Zeile { $number } ist keine Webadresse: „{ $line }“. Beginnen Sie eine Adresse mit https://.
problem-line-too-long = Zeile { $number } ist zu lang. Verwenden Sie höchstens { $longest } Zeichen pro Zeile.
problem-too-many-lines = Es ist Platz für { $most }. Entfernen Sie zuerst etwas.
lines-fit = Hier ist Platz für { $longest } Zeichen. Emojis zählen vierfach.
links-fit = Hier ist Platz für { $most } Links.
items-fit = Hier ist Platz für { $most } Zeilen mit höchstens { $longest } Zeichen.
