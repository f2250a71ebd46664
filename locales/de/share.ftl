# The board as a file: keep it, share it, take one.
shell-share = Aufbewahren und teilen
share-title = Aufbewahren und teilen
share-lead = Nehmen Sie Ihre Seite als Datei mit, oder teilen Sie sie ohne Ihre eigenen Angaben.
share-keep-title = Ihre Seite aufbewahren
share-keep = In dieser Datei steht alles von Ihrer Seite: Ihre Karten, Ihre Einstellungen und Ihre Postleitzahl. Bewahren Sie sie gut auf und geben Sie sie niemandem, der das nicht wissen soll.
share-keep-download = Meine Seite als Datei
share-take-title = Eine Datei öffnen
share-take = Sie sehen zuerst, was darin steht. Noch ändert sich nichts.
share-take-file = Datei
share-take-show = Zeigen, was darin steht
share-share-title = Ihre Seite teilen
share-share = Hier steht alles, was Sie teilen. Ihr Ort, Ihre Haltestellen, Adressen, Notizen, eigenen Links und andere Wörter, die Sie selbst eingetragen haben, gehen nicht mit: Wer den Link oder die Datei öffnet, gibt seine eigenen Antworten. Die Namen Ihrer Seiten gehen mit.
share-share-link = Geben Sie diesen Link weiter:
share-share-no-link = Ihre Seite ist zu groß für einen Link. Geben Sie die Datei weiter.
share-share-download = Datei zum Teilen
preview-file-title = Was Sie übernehmen können
preview-template = Jemand hat diese Karten geteilt. Wenn Sie sie übernehmen, tragen Sie danach selbst Ihren Ort, Ihre Haltestelle oder Ihre Adresse ein.
preview-board = Das ist eine aufbewahrte Seite.
preview-asks = Fragt Sie noch nach: { $fields }
preview-unknown = Diese Karten gibt es hier nicht. Wir lassen sie weg:
preview-undo = Wenn Sie sie übernehmen, ist das eine einzige Änderung. Sie können sie rückgängig machen.
preview-after = Hinter meine Seiten stellen
preview-instead = Meine Seiten ersetzen
preview-nothing = Nichts übernehmen
preview-changed = Ihre Seite wurde inzwischen in einem anderen Fenster geändert. Noch ist nichts übernommen; wählen Sie noch einmal.
done-imported = Die Seiten wurden übernommen.
deed-imported = { $count ->
        [one] Aufbewahrte oder geteilte Seiten hinzugefügt, mit einer Karte
       *[other] Aufbewahrte oder geteilte Seiten hinzugefügt, mit { $count } Karten
    }
deed-imported-instead = { $count ->
        [one] Alle Seiten durch aufbewahrte oder geteilte ersetzt, mit einer Karte
       *[other] Alle Seiten durch aufbewahrte oder geteilte ersetzt, mit { $count } Karten
    }
file-absent = Wählen Sie zuerst eine Datei.
file-too-large = Die Datei ist zu groß. Sie darf höchstens { $most } kB haben. Es wurde nichts geändert.
file-not-json = Diese Datei können wir nicht lesen. Wählen Sie eine Datei, die Sie hier aufbewahrt haben. Es wurde nichts geändert.
file-not-a-board = In dieser Datei steht keine Seite von Voordeur. Es wurde nichts geändert.
file-newer = Diese Datei kommt von einer neueren Version von Voordeur. Es wurde nichts geändert.
link-broken = Dieser Link ist nicht vollständig. Fragen Sie noch einmal danach, oder nach der Datei. Es wurde nichts geändert.
file-value = In der Datei stimmt „{ $path }“ nicht: { $reason } Es wurde nichts geändert.
value-missing = es fehlt.
value-unknown = das kennen wir nicht.
value-wrong-type = es ist von einer anderen Art, als wir erwarten.
value-too-many = es sind mehr als { $most }.
value-empty = es steht nichts darin.
value-personal = eine geteilte Seite enthält keine eigenen Angaben.
value-unusable = diesen Wert können wir nicht verwenden.
