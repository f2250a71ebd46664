# What suggests a card, and what finds one quickly.

# Suggestions in the catalogue. The reasons are complete by themselves.
suggest-title = Past bij jou
suggest-lead = Gekozen met wat je zelf vertelde. We leiden niets af uit wat je bekijkt.
suggest-tell = Vertel waar je woont en wat je interesseert. Dan zie je hier wat bij je past.
suggest-tell-place = Vertel ook waar je woont. Dan zie je wat er bij jou in de buurt is.
suggest-tell-interests = Kies ook wat je interesseert. Dan past dit nog beter.
suggest-tell-link = Je gemeente en interesses invullen
reason-place = Omdat je in { $place } woont
reason-country = Omdat je in België woont
reason-interest = Omdat je “{ $theme }” koos
reason-place-interest = Omdat je in { $place } woont en “{ $theme }” koos
reason-country-interest = Omdat je in België woont en “{ $theme }” koos
catalogue-everything = Alle kaarten
catalogue-found = Gevonden
catalogue-near = Bij jou
catalogue-near-hint = alleen wat voor { $place } werkt
catalogue-far = Verder weg
catalogue-far-count = { $count ->
        [one] één kaart voor een andere plaats
       *[other] { $count } kaarten voor andere plaatsen
    }
catalogue-own = Van jezelf
catalogue-covers = Alleen voor { $areas }

# The page of a widget: the card in each width, of the width of the board.
widget-sizes = Zo ziet de kaart eruit
widget-width = Hoe breed wil je haar?
widget-width-small = Op een klein scherm neemt elke kaart de hele breedte. De breedte telt op een groot scherm.
width-narrow = Smal: één kolom
width-wide = Breed: twee kolommen
width-full = Vol: de hele breedte
width-best = past het best
widget-covers = Waar ze werkt
widget-covers-everywhere = Overal

# Quick find. What begins with find-words is never shown: by these words something is found too.
find-title = Zoeken
find-lead = Spring naar een kaart, een instelling of iets nieuws.
find-label = Wat zoek je?
find-close = Sluiten
find-none = Dat bestaat nog niet, of heet hier anders. Probeer een ander woord.
find-some = { $count } gevonden. Enter opent { $first }.
find-count =
    { $count ->
        [one] { $count } gevonden
       *[other] { $count } gevonden
    }
find-cards = Op je pagina
find-settings = Instellingen en uitleg
find-widgets = Om te kiezen
find-wanted = Bestaat nog niet
wanted-try = Misschien helpt dit: { $cards }
wanted-title = “{ $name }” bestaat nog niet als kaart.
wanted-help = Misschien helpt dit:
wanted-own = Zet er zelf iets over op je pagina:
find-card-number = kaart { $number } van je pagina
find-arrange = Je pagina aanpassen
find-words-place = adres postcode gemeente stad wonen verhuizen interesses thema’s onderwerpen voorkeuren
find-words-arrange = verplaatsen volgorde breedte grootte verwijderen weghalen bewerken aanpassen
find-words-language = Nederlands français Deutsch English vertalen
find-words-catalogue = catalogus widgets toevoegen nieuw kiezen
find-words-services = storing stuk traag bronnen status werkt niet
find-words-privacy = cookies gegevens wissen bewaren veiligheid gdpr avg
find-words-wall = tablet keuken scherm kiosk muur groot
find-words-forget = gedeelde computer wissen afmelden uitloggen account verwijderen cookies vergeet mij
find-words-accessibility = toetsenbord schermlezer contrast letters blind slechtziend handicap
find-words-about = contact versie licentie wie
find-words-own-card = zelf maken ontwikkelen bijdragen programmeren
find-pages = Je pagina’s
find-words-look = licht donker thema kleuren contrast uiterlijk compact ruim letters
find-words-history = ongedaan maken opnieuw vorige wijzigingen teruggaan herstellen
sets-title = Voor een moment in je leven
sets-lead = Een paar kaarten samen. Je voegt ze in één keer toe, en je kunt dat ongedaan maken.
sets-add = Alle toevoegen
sets-link = Of kies kaarten voor een moment in je leven.
