# The board as a file: keep it, share it, take one.
shell-share = Bewaren en delen
share-title = Bewaren en delen
share-lead = Neem je pagina mee als bestand, of deel haar zonder je eigen gegevens.
share-keep-title = Je pagina bewaren
share-keep = In dit bestand staat alles van je pagina: je kaarten, je instellingen en je postcode. Bewaar het goed en geef het aan niemand die dat niet mag weten.
share-keep-download = Mijn pagina als bestand
share-take-title = Een bestand openen
share-take = Je ziet eerst wat erin staat. Er verandert nog niets.
share-take-file = Bestand
share-take-show = Tonen wat erin staat
share-share-title = Je pagina delen
share-share = Hieronder staat alles wat je deelt. Je plaats, haltes, adressen, notities, eigen links en andere woorden die je zelf invulde, gaan niet mee: wie de link of het bestand opent, vult zijn eigen antwoord in. De namen van je pagina’s gaan wel mee.
share-share-link = Geef deze link door:
share-share-no-link = Je pagina is te groot voor een link. Geef het bestand door.
share-share-download = Bestand om te delen
preview-file-title = Wat je kunt overnemen
preview-template = Deze kaarten deelde iemand. Neem je ze over, dan vul je daarna zelf je plaats, je halte of je adres in.
preview-board = Dit is een bewaarde pagina.
preview-asks = Vraagt je nog: { $fields }
preview-unknown = Deze kaarten hebben we hier niet. We laten ze weg:
preview-undo = Neem je ze over, dan is dat één wijziging. Je kunt ze ongedaan maken.
preview-after = Achter mijn pagina’s zetten
preview-instead = In de plaats van mijn pagina’s
preview-nothing = Niets overnemen
preview-changed = Je pagina is intussen in een ander venster gewijzigd. Er is nog niets overgenomen; kies opnieuw.
done-imported = De pagina’s zijn overgenomen.
deed-imported = { $count ->
        [one] Bewaarde of gedeelde pagina’s erbij gezet, met één kaart
       *[other] Bewaarde of gedeelde pagina’s erbij gezet, met { $count } kaarten
    }
deed-imported-instead = { $count ->
        [one] Alle pagina’s vervangen door bewaarde of gedeelde, met één kaart
       *[other] Alle pagina’s vervangen door bewaarde of gedeelde, met { $count } kaarten
    }
file-absent = Kies eerst een bestand.
file-too-large = Het bestand is te groot. Het mag hoogstens { $most } kB zijn. Er is niets veranderd.
file-not-json = Dit bestand kunnen we niet lezen. Kies een bestand dat je hier hebt bewaard. Er is niets veranderd.
file-not-a-board = In dit bestand staat geen pagina van Voordeur. Er is niets veranderd.
file-newer = Dit bestand komt van een nieuwere versie van Voordeur. Er is niets veranderd.
link-broken = Deze link is niet volledig. Vraag hem opnieuw, of vraag het bestand. Er is niets veranderd.
file-value = In het bestand klopt “{ $path }” niet: { $reason } Er is niets veranderd.
value-missing = het ontbreekt.
value-unknown = dat kennen we niet.
value-wrong-type = het is van een ander soort dan we verwachten.
value-too-many = het zijn er meer dan { $most }.
value-empty = er staat niets in.
value-personal = een gedeelde pagina bevat geen eigen gegevens.
value-unusable = deze waarde kunnen we niet gebruiken.
