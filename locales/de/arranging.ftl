# What is said while a card is moved, and on what moves it.
