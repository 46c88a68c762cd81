"""People and groups as a company's directory keeps them: SCIM 2.0."""
