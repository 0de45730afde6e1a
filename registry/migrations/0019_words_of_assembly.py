"""More words of lawful assembly that no purpose may hold."""

from django.db import migrations, models

ASSEMBLY = "\\m([aá]ct[ií]v[ií]sm|[aá]ct[ií]v[ií]sm[oó]|[aá]ct[ií]v[ií]st|[aá]ct[ií]v[ií]st[aá]|[aá]ct[ií]v[ií]st[aá]s|[aá]ct[ií]v[ií]sts|[aá]s[aá]mbl[eé][aá]|[aá]s[aá]mbl[eé][aá]s|[aá]ss[eé]mbl[ií][eé]s|[aá]ss[eé]mbly|b[oó][ií]c[oó]t|b[oó]yc[oó]tt|b[oó]yc[oó]tts|c[oó]ntr[aá]m[aá]n[ií]f[eé]st[aá]c[ií][oó]n|c[oó]ntr[aá]m[aá]n[ií]f[eé]st[aá]c[ií][oó]n[eé]s|c[oó]ntr[aá]pr[oó]t[eé]st[aá]|c[oó]ntr[aá]pr[oó]t[eé]st[aá]s|c[oó][uúü]nt[eé]rpr[oó]t[eé]st|c[oó][uúü]nt[eé]rpr[oó]t[eé]st[eé]r|c[oó][uúü]nt[eé]rpr[oó]t[eé]st[eé]rs|c[oó][uúü]nt[eé]rpr[oó]t[eé]sts|d[eé]m[oó]nstr[aá]t[ií][oó]n|d[eé]m[oó]nstr[aá]t[ií][oó]ns|d[eé]m[oó]nstr[aá]t[oó]r|d[eé]m[oó]nstr[aá]t[oó]rs|h[uúü][eé]lg[aá]|h[uúü][eé]lg[aá]s|h[uúü][eé]lg[uúü][ií]st[aá]|h[uúü][eé]lg[uúü][ií]st[aá]s|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n[eé]s|m[aá]n[ií]f[eé]st[aá]nt[eé]|m[aá]n[ií]f[eé]st[aá]nt[eé]s|m[aá]rch[aá]|m[aá]rch[aá]s|m[aá]rch[eé]rs|m[aá]rch[eé]s|m[aá]rch[ií]ng|m[ií]t[ií]n|m[ií]t[ií]n[eé]s|p[ií]ck[eé]t|p[ií]ck[eé]t[eé]r|p[ií]ck[eé]t[eé]rs|p[ií]ck[eé]t[ií]ng|p[ií]ck[eé]ts|p[ií]q[uúü][eé]t[eé]|p[ií]q[uúü][eé]t[eé]s|pl[aá]nt[oó]n|pl[aá]nt[oó]n[eé]s|pr[oó]t[eé]st|pr[oó]t[eé]st[aá]|pr[oó]t[eé]st[aá]nd[oó]|pr[oó]t[eé]st[aá]r|pr[oó]t[eé]st[aá]r[oó]n|pr[oó]t[eé]st[aá]s|pr[oó]t[eé]st[eé]d|pr[oó]t[eé]st[eé]r|pr[oó]t[eé]st[eé]rs|pr[oó]t[eé]st[ií]ng|pr[oó]t[eé]st[oó]r|pr[oó]t[eé]st[oó]rs|pr[oó]t[eé]sts|r[aá]ll[ií][eé]s|r[aá]lly|r[aá]lly[ií]ng|str[ií]k[eé]rs|v[ií]g[ií]l|v[ií]g[ií]l[ií][aá]|v[ií]g[ií]l[ií][aá]s|v[ií]g[ií]ls|w[aá]lk[oó][uúü]t|w[aá]lk[oó][uúü]ts)\\M"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0018_imports"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="canvasspurpose", name="purpose_is_no_assembly"),
        migrations.AddConstraint(
            model_name="canvasspurpose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name__iregex", ASSEMBLY), _negated=True),
                    models.Q(("name_es__iregex", ASSEMBLY), _negated=True),
                ),
                name="purpose_is_no_assembly",
            ),
        ),
    ]
