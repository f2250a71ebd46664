# The board as a file: keep it, share it, take one.
shell-share = Conserver et partager
share-title = Conserver et partager
share-lead = Emportez votre page dans un fichier, ou partagez-la sans vos données personnelles.
share-keep-title = Conserver votre page
share-keep = Ce fichier contient toute votre page : vos cartes, vos réglages et votre code postal. Gardez-le bien et ne le donnez à personne qui ne doit pas les connaître.
share-keep-download = Ma page dans un fichier
share-take-title = Ouvrir un fichier
share-take = Vous voyez d’abord ce qu’il contient. Rien ne change encore.
share-take-file = Fichier
share-take-show = Voir ce qu’il contient
share-share-title = Partager votre page
share-share = Voici tout ce que vous partagez. Votre lieu, vos arrêts, vos adresses, vos notes, vos liens et les autres mots que vous avez écrits restent chez vous : la personne qui ouvre le lien ou le fichier donne ses propres réponses. Les noms de vos pages, eux, sont partagés.
share-share-link = Transmettez ce lien :
share-share-no-link = Votre page est trop grande pour un lien. Transmettez le fichier.
share-share-download = Fichier à partager
preview-file-title = Ce que vous pouvez reprendre
preview-template = Quelqu’un a partagé ces cartes. Si vous les reprenez, vous indiquez ensuite vous-même votre lieu, votre arrêt ou votre adresse.
preview-board = C’est une page conservée.
preview-asks = À compléter : { $fields }
preview-unknown = Nous n’avons pas ces cartes ici. Elles ne seront pas reprises :
preview-undo = Si vous les reprenez, cela compte comme une seule modification. Vous pouvez l’annuler.
preview-after = Ajouter après mes pages
preview-instead = Remplacer mes pages
preview-nothing = Ne rien reprendre
preview-changed = Votre page a changé entre-temps dans une autre fenêtre. Rien n’a encore été repris ; choisissez à nouveau.
done-imported = Les pages ont été reprises.
deed-imported = { $count ->
        [one] Pages conservées ou partagées ajoutées, avec une carte
       *[other] Pages conservées ou partagées ajoutées, avec { $count } cartes
    }
deed-imported-instead = { $count ->
        [one] Toutes les pages remplacées par des pages conservées ou partagées, avec une carte
       *[other] Toutes les pages remplacées par des pages conservées ou partagées, avec { $count } cartes
    }
file-absent = Choisissez d’abord un fichier.
file-too-large = Le fichier est trop grand : { $most } Ko au maximum. Rien n’a changé.
file-not-json = Nous ne pouvons pas lire ce fichier. Choisissez un fichier que vous avez conservé ici. Rien n’a changé.
file-not-a-board = Ce fichier ne contient pas de page de Voordeur. Rien n’a changé.
file-newer = Ce fichier vient d’une version plus récente de Voordeur. Rien n’a changé.
link-broken = Ce lien n’est pas complet. Redemandez-le, ou demandez le fichier. Rien n’a changé.
file-value = Dans le fichier, « { $path } » ne va pas : { $reason } Rien n’a changé.
value-missing = il manque.
value-unknown = nous ne le connaissons pas.
value-wrong-type = ce n’est pas le type attendu.
value-too-many = il y en a plus de { $most }.
value-empty = il n’y a rien dedans.
value-personal = une page partagée ne contient pas de données personnelles.
value-unusable = nous ne pouvons pas utiliser cette valeur.
