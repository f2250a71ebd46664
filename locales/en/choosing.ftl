# What suggests a card, and what finds one quickly.
