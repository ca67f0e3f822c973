"""What people and processes ask of Peil: one public function per file, each a transaction or two."""
