"""Reads the knowledge base: brands and articles as they stand in `knowledge_base/`, live.

A library for the gateway, the actions and the bot, so it runs on Python 3.10 and later and needs PyYAML only. It knows
nothing of conversations, channels or understanding.
"""

from knowledge.article import Article, ArticleError, read_article
from knowledge.brand import Brand, BrandError, read_brand
from knowledge.shelf import Shelf
from knowledge.sms import KeywordGroup, Sms

__all__ = [
    "Article",
    "ArticleError",
    "Brand",
    "BrandError",
    "KeywordGroup",
    "Shelf",
    "Sms",
    "read_article",
    "read_brand",
]
