# Pages of a board, what was changed, and what waits to be sent.
page-first = Thuis
pages-label = Je pagina’s
page-change = Naam en pictogram
page-add = Pagina toevoegen
page-name = Naam
page-icon = Pictogram
page-icon-home = Huis
page-icon-work = Werk
page-icon-school = School
page-icon-people = Mensen
page-icon-heart = Hart
page-icon-health = Gezondheid
page-icon-train = Trein
page-icon-bike = Fiets
page-icon-weather = Weer
page-icon-money = Geld
page-icon-star = Ster
page-icon-folder = Map
page-save = Bewaren
page-earlier = Naar voren
page-later = Naar achteren
page-remove = Pagina weghalen
page-remove-hint = Haal je een pagina weg, dan gaan haar kaarten mee. Je kunt het altijd ongedaan maken.
page-empty = Deze pagina is nog leeg. Zoek een kaart uit, of breng er een mee van een andere pagina.
page-problem-name = Geef de pagina een naam van hoogstens 40 tekens.
page-gone = Deze pagina is intussen in een ander venster weggehaald.
page-last = Dit is je enige pagina. Ze blijft staan.
pages-full = Je hebt al twaalf pagina’s. Haal er eerst een weg.
edit-unusable = Dat konden we niet lezen. Er is niets veranderd; probeer het opnieuw met de knoppen hieronder.
board-redo = Opnieuw doen

# The buttons of a card.
card-more = Meer
card-first = Vooraan
card-last = Achteraan
card-fold = Dichtvouwen
card-unfold = Openvouwen
card-page = Andere pagina
card-to-page = Verplaats

# What was done.
done-placed = “{ $card }” staat nu op plaats { $position } van { $total } en neemt { width-in-words } in.
done-to-page = “{ $card }” staat nu op pagina “{ $page }”, plaats { $position } van { $total }.
done-folded = “{ $card }” is dichtgevouwen.
done-unfolded = “{ $card }” is weer open.
done-page-added = Pagina “{ $page }” is toegevoegd.
done-page-changed = Pagina “{ $page }” is aangepast.
done-page-moved = Pagina “{ $page }” staat nu op plaats { $position } van { $total }.
done-page-removed = De pagina is weg, met haar kaarten.
done-redone = De wijziging is opnieuw gedaan.
done-history = Je pagina is weer zoals toen.
done-nothing-to-redo = Er is niets om opnieuw te doen.
done-without-cookie = Er is niets veranderd: je browser stuurt ons geen cookie, en zonder dat cookie kunnen we je pagina niet bewaren. Sta cookies toe voor deze site en probeer het opnieuw.
not-kept-title = Je keuze is niet bewaard
not-kept-back = Terug

# Two tabs that changed the same.
conflict-title = Twee keer gewijzigd
conflict-card = “{ $card }” is intussen ook in een ander venster gewijzigd. Kies wat je wilt houden; tot dan blijft alles zoals het is.
conflict-now = De pagina nu
conflict-wished = Jouw versie
conflict-keep = Dit houden
conflict-take = Mijn versie gebruiken
conflict-page-name = Deze pagina kreeg intussen in een ander venster een andere naam of een ander pictogram. Ze heet nu “{ $now }”, jij wilde “{ $mine }”.
conflict-page-remove = Op deze pagina is intussen in een ander venster iets gewijzigd. Ze staat er nog; kijk even na of ze weg mag.
conflict-page-move = Deze pagina is intussen in een ander venster verplaatst.
conflict-undo = Er is intussen in een ander venster iets gewijzigd. Ongedaan maken neemt nu dit terug: { $deed }.
conflict-redo = Er is intussen in een ander venster iets gewijzigd. Opnieuw doen doet nu dit: { $deed }.
conflict-board = Er is intussen in een ander venster iets gewijzigd. Ga je toch terug, dan neem je dat mee terug.
difference-place = Op pagina “{ $page }”, plaats { $position }
difference-size = Neemt { width-in-words } in
difference-folded = Dichtgevouwen
difference-unfolded = Open
difference-gone = Niet op je pagina
difference-setting = { $label }: { $value }
difference-open = niet ingevuld
difference-yes = ja
difference-no = nee

# The history.
history-title = Wat je wijzigde
history-lead = De laatste vijftig wijzigingen, de nieuwste eerst. Je kunt naar elk moment terug.
history-link = Wijzigingen
history-empty = Je hebt nog niets gewijzigd. Wat je aan je pagina verandert, vind je hier terug.
history-to-board = Naar mijn pagina
history-now = zo is het nu
history-undone = ongedaan gemaakt
history-go-back = Terug naar hier
history-go-forward = Opnieuw tot hier
history-beginning = Het begin
change-gone = Zo ver terug bewaren we het niet.
deed-added = “{ $card }” toegevoegd
deed-removed = “{ $card }” weggehaald
deed-put-back = “{ $card }” teruggezet
deed-moved = “{ $card }” naar plaats { $position }
deed-to-page = “{ $card }” naar pagina “{ $page }”, plaats { $position }
deed-resized = “{ $card }”: nu { width-in-words }
deed-folded = “{ $card }” dichtgevouwen
deed-unfolded = “{ $card }” opengevouwen
deed-configured = Instellingen van “{ $card }” gewijzigd
deed-arranged = Kaarten op volgorde van wat je belangrijk vindt
deed-page-added = Pagina “{ $page }” toegevoegd
deed-page-changed = Pagina “{ $page }” aangepast
deed-page-moved = Pagina “{ $page }” naar plaats { $position }
deed-page-removed = Pagina “{ $page }” weggehaald
deed-changed = Iets gewijzigd

# Edits that the server has not got yet; a number follows.
outbox-kept = De server is even niet bereikbaar. Wat je verandert, is bewaard op dit toestel en gaat mee zodra hij terug is. Nog te versturen:
outbox-unkept = De server is even niet bereikbaar, en deze browser kan niets bewaren. Laat deze pagina open: wat je verandert, gaat mee zodra hij terug is. Nog te versturen:
outbox-send = Probeer nu
outbox-drop = Wijzigingen weggooien
outbox-sent = De server is terug. Alles wat je veranderde, is bewaard.
day-over = De server is niet bereikbaar. Wat je hier ziet, is nog van:

# The width of a card, as part of a sentence.
width-in-words = { $size ->
        [narrow] een kolom
        [wide] twee kolommen
       *[other] de hele breedte
    }
deed-started = Kaarten gekozen voor je plaats en je interesses
deed-set = “{ $set }” toegevoegd
done-set-added = De kaarten staan vooraan op je pagina.

deed-ticked = Iets afgevinkt op “{ $card }”
deed-unticked = Iets weer op “{ $card }” gezet
deed-item-added = Iets toegevoegd aan “{ $card }”
deed-items-cleared = Afgevinkte items weggehaald van “{ $card }”

# The band of today above the cards.
today-title = Vandaag
today-weather = Weer
today-departure = Naar { $to }
today-delay = +{ $minutes } min
today-put-out = Vanavond buitenzetten
today-collected-tomorrow = wordt morgen opgehaald
today-collected = Vandaag opgehaald
today-further = en nog { $count }

# The board on a wall.
wall-title = Wandscherm
wall-updated = Bijgewerkt om { $time }
wall-offline = Geen verbinding. Je ziet de gegevens van { $time }.
wall-pause = Pauze
wall-resume = Verder
wall-next = Volgende pagina
wall-close = Sluiten
