from django.utils.text import slugify
def slugify_de(text): return slugify(text)[:80]
