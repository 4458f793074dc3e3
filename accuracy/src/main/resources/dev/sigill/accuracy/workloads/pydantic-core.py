from pydantic_core import SchemaValidator, core_schema as s, from_json, to_json

v = SchemaValidator(s.typed_dict_schema({"a": s.typed_dict_field(s.list_schema(s.int_schema())), "b": s.typed_dict_field(s.url_schema()), "c": s.typed_dict_field(s.datetime_schema()), "d": s.typed_dict_field(s.str_schema(pattern=r"^\w+$"))}))
v.validate_json(to_json({"a": list(range(300)), "b": "https://a.example/b?c=d", "c": "2020-01-02T03:04:05Z", "d": "word"})), from_json(b'[1,2.5,"\\u00e9"]')
