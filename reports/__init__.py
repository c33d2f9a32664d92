"""The value report: raw figures in, sentences, drawings, a page and a PDF out. A pure library."""
