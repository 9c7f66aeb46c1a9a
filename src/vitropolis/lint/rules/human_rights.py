"""Civil and political rights: law, movement, privacy, belief, speech, assembly, office, equality."""
