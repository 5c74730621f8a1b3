### Seen on the step Probe.

probe-title = Probe
probe-image-label = Probe
probe-image-alt-turned = The probe: turned upright
probe-image-alt = The probe: untouched original
probe-image-alt-prepared = The probe: prepared version
probe-faces-label = Faces found
probe-face-label = Face { $number }, quality { $quality } of 100
probe-face-button = Face { $number } · { $quality }
probe-original-button = Prepared version shown; show the original (O)
probe-original-shown-button = Original shown
probe-file-facts = Untouched original: { $file }, { $format }, { $width } × { $height } pixels, SHA-256 { $sha256 }…
probe-drop-label = Drop a photograph
probe-drop-title = Drop the photograph of the unknown person here
probe-drop-formats = JPEG, HEIC, AVIF, PNG, WebP, TIFF, GIF, BMP or JPEG 2000. It stays on this workstation, encrypted, as it is.
probe-drop-several = Several files were dropped. A case has one probe at a time; drop one photograph. Nothing was taken in.
probe-choose-file-button = Choose a file
probe-choose-other-file-button = Choose another file
probe-turn-button = Turn by a quarter ↻
probe-turn-title = For a photograph that lies on its side: it is turned and looked at again; the file stays as it is
probe-use-offered-button = Use { $file }

probe-faces-found = { $count ->
    [0] No face found
    [1] One face found
   *[other] { $count } faces found
}
probe-no-face = Bring a photograph in which the face is larger, lighter, or turned to the camera.
probe-pick-face = Pick the face of the unknown person, in the picture or here.
probe-quality = Quality { $quality } of 100
probe-quality-sufficient = sufficient
probe-quality-low = low: the search carries a warning
probe-quality-too-low = too low for a search

probe-says-title = Where this file comes from
probe-says-explained = What the file says of itself. Nothing follows from what it does not say.

probe-origin-title = Where it comes from
probe-origin-locked = Locked. A search was made with these answers.
probe-origin-as-before-button = As in your last case
probe-source-label = Kind of image
probe-captured-label = Taken (local time)
probe-obtained-by-label = Obtained by
probe-obtained-how-label = How
probe-legal-basis-label = Legal basis for having it

probe-further-title = Further frames of the same person (optional)
probe-further-explained = From the same source and moment. The template is then made from all of them: on labelled photographs one photograph missed 14 of 100 pairs of one person, two missed 5, three 3. A frame of somebody else spoils it.
probe-further-name = Photograph { $number }
probe-further-quality = quality { $quality } of 100
probe-further-remove-button = Remove
probe-further-same-person-label = Why it is the same person
probe-further-add-button = Add a frame
probe-further-add-offered-button = Add { $file }

probe-prepare-title = Prepared version (optional)
probe-prepare-explained = A copy may be turned, cropped, made lighter or darker: nothing else. The original is searched in any case; a prepared version is searched beside it, and both searches are recorded.
# Before and after the key that is held.
probe-prepare-explained-hold = Hold
probe-prepare-explained-key = to see the original.
probe-prepare-tools-label = Next step
probe-prepare-turn-label = Turn
probe-prepare-brightness-label = Brightness
probe-prepare-contrast-label = Contrast
probe-prepare-gamma-label = Gamma
probe-prepare-tones-button = Apply tones
probe-prepare-crop-button = Crop to the face
probe-prepare-quarter-button = Quarter turn
probe-prepare-back-button = Take the last step back
probe-prepare-use-button = Search this version too
probe-prepare-used-button = Searched beside the original
probe-prepare-quality = quality { $quality } of 100

probe-confirm-button = Confirm and go on to the search
