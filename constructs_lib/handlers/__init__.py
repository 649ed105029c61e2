"""Code that runs in AWS Lambda; each file is packaged by itself."""
