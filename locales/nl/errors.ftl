# Error pages that need no store: too many requests, wrong host, unreadable form.
error-busy-title = Het is hier nu heel druk
error-busy = Er komen nu meer mensen langs dan we tegelijk kunnen ontvangen. Je pagina is bewaard. Probeer het over een paar tellen opnieuw.
error-crowd-title = Even geduld
error-crowd = Vanaf jouw netwerk komen nu heel veel vragen tegelijk. Wacht een minuut en probeer het dan opnieuw. Je pagina is niet veranderd.
error-host-title = Dit is niet het juiste adres
error-host = Gebruik deze link. Dan kom je goed uit:
error-form-title = Dit formulier kwam niet goed aan
error-form = Het was te groot of het duurde te lang. Je pagina is niet veranderd. Ga terug en probeer het opnieuw.
error-space-title = Er is nu geen plaats voor een nieuwe pagina
error-space = Onze schijf is bijna vol, dus we kunnen nu geen nieuwe pagina’s bewaren. Rondkijken kan wel. Probeer het later opnieuw, of meld het aan wie deze site beheert.
