"""What `slipway doctor` looks at: each check a function of the patient, with what it found and what to do."""
