# What is said while a card is moved, and on what moves it.
arranging-handle = Oppakken
arranging-how = Druk op Enter of de spatiebalk om de kaart op te pakken. Met de pijltjes verplaats je haar.
arranging-picked = “{ $card }” opgepakt, plaats { $position } van { $total }. Pijltjes verplaatsen, plus en min veranderen de breedte, Enter zet neer, Escape zet terug.
arranging-moved = Plaats { $position } van { $total }.
arranging-edge = Verder kan niet: plaats { $position } van { $total }.
arranging-size = Neemt { $size } in.
arranging-narrowest = Neemt { $size } in, smaller kan niet.
arranging-widest = Neemt { $size } in, breder kan niet.
arranging-to-page = Naar de pagina “{ $page }”. Enter zet neer, Escape zet terug.
arranging-this-page = Op deze pagina, plaats { $position } van { $total }.
arranging-no-page = Er is geen andere pagina in die richting.
arranging-unchanged = “{ $card }” blijft op plaats { $position }.
arranging-cancelled = “{ $card }” staat weer op plaats { $position }.
