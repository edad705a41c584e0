"""The overview of one betrokkene (AVG 15): who saw what of her, when and on what ground."""
