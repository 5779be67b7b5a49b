"""The process that plays: it joins the sound, the files and the people, and outlives every screen."""
