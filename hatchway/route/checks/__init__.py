"""The checks, one file per hop. Judgement is pure: facts in, one judgement out."""
