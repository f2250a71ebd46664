# What pages say: the shell, the board, the catalogue, forms and texts.

# Around every page.
shell-description = Je eigen startpagina met de openbare diensten die voor jou tellen: treinen, afval, wegenwerken, de gemeenteraad, waarschuwingen.
shell-skip = Naar de inhoud
shell-catalogue = Kaarten kiezen
shell-home = Mijn pagina
shell-language = Taal
shell-promise = Wat je kiest, blijft hier. Geen account, geen reclame, niemand die meekijkt.
shell-services = Hoe werken de diensten?
shell-privacy = Privacy
shell-accessibility = Toegankelijkheid
shell-about = Over Voordeur
shell-own-card = Maak zelf een kaart

# The board.
board-edit = Pagina aanpassen
board-done = Klaar
board-cards = Je kaarten
board-place = Je plaats
board-place-guess = niet juist? Kies je plaats
board-sample = voorbeeld
board-samples = De kaarten hieronder tonen bewaarde voorbeelden, geen gegevens van nu.
board-arranging = Zet je kaarten in de volgorde en de breedte die je wilt. Elke wijziging is meteen bewaard.
board-add = Kaart toevoegen
board-undo = Ongedaan maken
board-empty = Er staat nog niets op je pagina. Kies een kaart die je elke dag wilt zien.

# The buttons of a card; the card's title follows.
card-refresh = Vernieuwen
card-again = Probeer opnieuw
card-reload = Laad de pagina opnieuw
card-settings = Instellingen
card-fill-in = Vul in
card-earlier = Naar voren
card-later = Naar achteren
card-wider = Breder
card-narrower = Smaller
card-remove = Weghalen

# The questions for who is new here.
welcome-title = Welkom bij je voordeur
welcome-text = Zeg waar je woont en wat je interesseert, en je pagina staat klaar. Een account is niet nodig.
welcome-place = Je postcode of gemeente
welcome-place-hint = Bijvoorbeeld 1850 of Grimbergen.
welcome-interests = Wat wil je zien?
welcome-save = Maak mijn pagina
welcome-skip = Nu niet
welcome-page-title = Je plaats en je interesses
welcome-page-lead = Kaarten die geen eigen plaats hebben, volgen deze plaats.
welcome-page-save = Bewaren
welcome-page-skip = Niets veranderen

# The catalogue.
catalogue-title = Kies je kaarten
catalogue-lead = Elke kaart toont één openbare dienst.
catalogue-search = Zoek een kaart of dienst
catalogue-find = Zoeken
catalogue-theme = Waarover
catalogue-all = Alles
catalogue-none = Geen kaart gevonden. Probeer een ander woord of kies “Alles”.
catalogue-count =
    { $count ->
        [one] { $count } van { $total } kaarten
       *[other] { $count } van { $total } kaarten
    }
catalogue-add = Toevoegen
catalogue-add-again = Nog een toevoegen
catalogue-have = Staat op je pagina

# The page of a widget.
widget-back = Alle kaarten
widget-source = Waar het vandaan komt
widget-publisher = Wie het publiceert
widget-licence = Licentie
widget-pace = Hoe vaak we vragen
widget-theme = Waarover
widget-evidence = Hoe zeker het is
widget-tier = Hoe goed ze getest is
tier-bronze-means = Brons: de kaart werkt op haar voorbeelden en noemt haar bron en licentie.
tier-silver-means = Zilver: de kaart werkt in elke taal en in elke toestand, kijkt na wat je invult, en zegt waarop haar voorbeelden steunen.
tier-gold-means = Goud: zoals zilver. De kaart weigert ook elk verminkt antwoord dat is geprobeerd, iemand zorgt voor haar, en ze is met de echte dienst getest.
widget-fields = Wat de kaart je vraagt
widget-asked = Wat we de dienst vertellen
widget-asked-nothing = Niets over jou. Onze server stelt dezelfde vraag voor iedereen; je browser vraagt niets.
widget-asked-text = Onze server vraagt het, nooit je browser: de dienst ziet dus niet wie je bent. Dit gaat mee:
widget-sent = Ontvangt:
widget-sent-nothing = niets over jou
widget-no-key = Werkt hier nog niet: de beheerder moet eerst een sleutel aanvragen.
widget-key-page = Waar je een sleutel aanvraagt
widget-hosts = Andere adressen dan deze kan de kaart niet bereiken: { $hosts }.
widget-any-host = De kaart vraagt alleen het adres dat je zelf geeft, en alleen als dat voor iedereen bereikbaar is.
host-of-your-own = het adres dat je zelf geeft

# The settings of a card.
settings-title = Instellingen van “{ $card }”
settings-lead = Wat je hier invult, geldt alleen voor deze kaart.
settings-problem = Er klopt iets niet. Kijk na wat hieronder is aangeduid.
settings-optional = (niet verplicht)
settings-own-place = Laat leeg om { $place } te gebruiken.
settings-between = Van { $least } tot { $most } { $unit }.
settings-save = Bewaren
settings-cancel = Niet bewaren

# How the services are doing.
services-title = Hoe werken de diensten?
services-lead = Valt een dienst uit, dan merk je dat alleen op de kaarten die hem nodig hebben.

# Privacy.
privacy-title = Privacy
privacy-lead = Wat we van je bewaren, wat niet, en wat elke dienst te weten komt.
privacy-kept-title = Wat we bewaren
privacy-kept = Je kaarten en pagina’s, hun volgorde en hun instellingen, je plaats, je interesses, je taal en hoe de pagina’s eruitzien. Geen naam, geen e-mailadres, geen wachtwoord.
privacy-kept-changes = Je laatste vijftig wijzigingen, met het tijdstip, zodat je ze ongedaan kunt maken.
privacy-kept-visits = Wanneer je voor het eerst iets koos, en wanneer je hier ongeveer het laatst was.
privacy-kept-feeds = Voor elk webadres van je agenda: over welke kaart het gaat, en wanneer er het laatst naar gekeken is. Het geheime deel kunnen wij niet meer lezen.
privacy-kept-answers = Wat de diensten antwoordden. Daar staat niet bij voor wie het was.
privacy-browser = Is onze server even niet bereikbaar, dan bewaart je browser je wijzigingen op je eigen toestel. Zodra ze verstuurd zijn, zijn ze daar weg.
privacy-offline = Zeg je dat dit je eigen toestel is, dan bewaart je browser ook je laatste pagina’s, voor als er geen internet is. Na zeven dagen zonder nieuw bezoek tonen we zo’n kopie niet meer.
privacy-how-long-title = Hoe lang we het bewaren
privacy-how-long = Kom je 90 dagen niet langs, dan wissen we je pagina en alles wat erbij hoort. Elk bezoek laat die 90 dagen opnieuw beginnen, ook voor de cookie. In een reservekopie van wie deze site beheert, kan het nog even staan.
privacy-cookie = Je pagina is gekoppeld aan een willekeurige sleutel in een cookie. Scripts kunnen die cookie niet lezen. Zonder de sleutel kan niemand je pagina vinden; wij weten niet van wie ze is.
privacy-shared = Gebruik je een gedeelde computer? Wis dan na afloop alles:
privacy-not-title = Wat we niet doen
privacy-not = Er is geen account nodig. We volgen je niet, we meten je bezoek niet en er staat niets van derden op de pagina: geen reclame, geen lettertypes, geen statistieken van elders. Je browser praat alleen met deze server.
privacy-services-title = Wat elke dienst te weten komt
privacy-services = Onze server vraagt de gegevens op, nooit je browser. De dienst ziet dus het adres van onze server en niet het jouwe. Hij krijgt alleen wat hieronder staat, en alleen als de kaart op je pagina staat.
privacy-told = Ontvangt:
privacy-told-nothing = niets over jou
privacy-gone-title = Hoe je alles wist
privacy-gone = Met één knop wis je alles meteen, in deze browser en op onze server. Alleen in een reservekopie van wie deze site beheert, kan het nog even staan. Wis je zelf de cookies van deze website, dan is de sleutel weg en kan niemand je pagina nog openen; wat we bewaren, wissen we dan na 90 dagen vanzelf.

# About.
about-title = Over Voordeur
about-lead = Een startpagina die je zelf samenstelt uit openbare diensten.
about-what-title = Wat het is
about-what = Overheden stellen veel gegevens open: vertrektijden, afvalkalenders, wegenwerken, luchtmetingen, besluiten van de gemeenteraad. Ze staan op tientallen websites. Voordeur brengt samen wat voor jou telt, op één pagina die van jou is.
about-catalogue =
    { $count ->
        [one] Er is nu één kaart om uit te kiezen.
       *[other] Er zijn nu { $count } kaarten om uit te kiezen.
    }
about-catalogue-link = Bekijk ze allemaal
about-promises-title = Wat we beloven
about-promise-broken = Een dienst die traag of stuk is, schaadt alleen zijn eigen kaart.
about-promise-source = Elke kaart zegt waar ze haar gegevens haalt en hoe oud die zijn.
about-promise-browser = Je browser praat alleen met deze server. Wat je kiest, komt nergens anders terecht dan waar een kaart het nodig heeft.
about-own-title = Maak zelf een kaart
about-own = Een overheid, een bedrijf of een geestdriftige burger kan een dienst toevoegen. Meestal is programmeren niet nodig: een kaart is één map met een beschrijving en enkele bewaarde antwoorden van de dienst.
about-own-how = De handleiding staat bij de broncode, in de map widgets. Het project zegt je precies wat er nog niet klopt.
about-icons-title = Pictogrammen en licentie
about-icons = Voordeur is vrije software onder de EUPL-1.2. De pictogrammen komen van Lucide, onder de ISC-licentie. De gegevens horen toe aan wie ze publiceert; de licentie staat op elke kaart.
about-contact-title = Contact
about-contact = De beheerder van deze site bereik je hier:
about-version = Versie { $version }

# The statement about accessibility.
accessibility-title = Toegankelijkheid
accessibility-lead = Een voordeur is er voor iedereen. Dit doen we daarvoor, en dit kan nog beter.
accessibility-works-title = Wat werkt
accessibility-works-scripts = Elke pagina en elke wijziging werkt zonder JavaScript.
accessibility-works-keyboard = Alles kan met het toetsenbord: een kaart oppakken, in vier richtingen verplaatsen, breder of smaller maken, neerzetten. Elke stap wordt uitgesproken, en de focus blijft op de kaart.
accessibility-works-reader = Grafieken en kaartjes staan er ook in woorden: een zin, een tabel of een lijst. Ernst en vertraging staan altijd in woorden, nooit alleen in een kleur.
accessibility-works-look = Je kiest licht, donker of veel contrast, en ruim of compact. Kies je niets, dan volgt de pagina je toestel. Tekst kan groter tot 200 % en de pagina tot 400 %, zonder dat er iets wegvalt. Wie minder beweging vraagt, krijgt minder beweging.
accessibility-tested-title = Hoe het getoetst is
accessibility-tested = Bij elke wijziging van Voordeur loopt axe over elke pagina, in elke kleur en breedte, en worden de pagina’s bediend met muis, vinger en toetsenbord, en zonder JavaScript. Het contrast van elke kleur wordt nagerekend: minstens 4,5 op 1, en 7 op 1 bij veel contrast. We mikken op WCAG 2.2, niveau AA.
accessibility-limits-title = Wat nog niet goed is
accessibility-limit-people = Dit zijn toetsen door machines. Mensen die dagelijks een schermlezer of andere hulpmiddelen gebruiken, hebben Voordeur nog niet beoordeeld.
accessibility-limit-language = Wat een dienst zelf schrijft, staat soms maar in één taal, en niet altijd in gewone woorden.
accessibility-limit-map = Een kaartje toont afstand en richting, geen straten. De lijst ernaast zegt hetzelfde in woorden.
accessibility-tell-title = Lukt iets niet?
accessibility-tell = Zeg het aan de beheerder van deze site: wat je wilde doen, waarmee, en waar het misliep.

# What could not be shown or done.
error-home = Naar mijn pagina
error-catalogue = Kaarten zoeken
error-status = Code { $status }

# Themes of life.
theme-moving-about = Onderweg
theme-home-and-street = Huis en straat
theme-weather-and-environment = Weer en milieu
theme-council-and-law = Gemeente en wet
theme-family-and-school = Gezin en school
theme-work-and-money = Werk en geld
settings-after-adding = De kaart staat vooraan op je pagina. Vul dit in, dan toont ze iets.
settings-after-welcome = Nog één vraag, en je pagina is klaar. Je kunt dit ook later invullen.
settings-own-title = Eigen titel
settings-own-title-hint = Laat leeg om “{ $card }” te gebruiken.
settings-preview = Zo ziet de kaart eruit, met een voorbeeld

links-title = Officiële pagina’s
links-kept = Voor dit onderwerp bestaat geen open dienst die we kunnen opvragen. Daarom leidt deze kaart naar de officiële pagina’s. Ze vraagt niets op en geeft niets over jou door.
own-title = Van jou alleen
own-kept = Wat je op deze kaart schrijft, bewaren we bij je pagina en nergens anders. De kaart vraagt niets aan een dienst. Haal je de kaart weg, dan kun je dat nog ongedaan maken; daarna is de tekst ook weg.
privacy-kept-own = Wat je zelf schrijft op kaarten van jezelf ({ $cards }). Dat gaat naar geen enkele dienst.

# Erasing everything.
forget-title = Dit toestel vergeten
forget-what = We wissen je pagina’s, je kaarten en hun instellingen, je plaats, je wijzigingen en de adressen van je agenda. Ook de cookie gaat weg, met alles wat deze browser van ons bewaart. Dat kun je niet ongedaan maken.
forget-keep = Wil je je pagina later terug? Bewaar ze dan eerst als bestand:
forget-do = Alles wissen
forget-not = Niets wissen
forget-done-title = Alles is gewist
forget-done = Onze server en deze browser weten niets meer van je. Staat deze site nog open in een ander tabblad, sluit dat dan.
forget-nothing = Van deze browser bewaren we niets.
forget-on = Naar een nieuwe pagina

# The device: pages without a network.
device-title = Dit toestel
device-lead = Wat deze browser van je mag bewaren, en hoe je alles wist.
offline-title = Ook zonder internet
offline-what = Is dit je eigen toestel? Dan kan deze browser je laatste pagina bewaren, zodat je ze ook zonder internet ziet. Zet dit niet aan op een gedeelde computer. Na zeven dagen gaat de kopie vanzelf weg.
offline-is-on = Dit staat aan.
offline-on = Aanzetten: dit is mijn toestel
offline-off = Uitzetten en de kopie wissen
offline-copy = Geen verbinding. Je ziet je pagina van { $day }, { $time }.
offline-greeting = Je pagina zonder internet
