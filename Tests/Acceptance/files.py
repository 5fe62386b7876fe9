"""Import files as others deliver them, made up: the register of locations and the personnel system's export."""

DUO_HEADER = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;"
    "POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES;"
    "STRAATNAAM CORRESPONDENTIEADRES;HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;POSTCODE CORRESPONDENTIEADRES;"
    "PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;NODAAL GEBIED NAAM;RPA-GEBIED CODE;RPA-GEBIED NAAM;"
    "WGR-GEBIED CODE;WGR-GEBIED NAAM;COROPGEBIED CODE;COROPGEBIED NAAM;ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;"
    "RMC-REGIO CODE;RMC-REGIO NAAM")


def school_code(number):
    """A BRIN number that is not given out, with its location: 90AA00, 90AA01, 90AB00, …"""
    brin, location = divmod(number, 10)
    return f"{90 + brin // 676:02d}{chr(65 + brin // 26 % 26)}{chr(65 + brin % 26)}{location:02d}"


def schools(count, board=99001):
    """The register in its old shape: Windows-1252, semicolons, LF, no BOM, stray spaces, doubled quotes."""
    lines = [DUO_HEADER]
    for number in range(count):
        code = school_code(number)
        name = ("'t Zwaluwnest", "De \"\"Ster\"\" ", "It Bûthús", "Sint-Jozef", " Columbus")[number % 5] + f" {number}"
        quoted = f'"{name}"' if '"' in name else name
        lines.append(
            f"Demonstratie;{board + number // 25};{code[:4]};{code};{quoted};Kerkstraat;{number}-{number + 2};"
            f"{1000 + number % 8999} AB;DORP;0001;DORP;Openbaar; ;www.school{number}.example;" + ";" * 15)
    return ("\n".join(lines) + "\n").encode("cp1252")


def staff(count, schools_known, broken=None):
    """The personnel system's export: one teacher in four works at two of them. `broken`: row with a date that is none."""
    lines = ["person_number,name,email,school_code,job,fte,from,until,teaching_since"]
    for number in range(count):
        # Rows 5n + 3 and 5n + 4 are one person at two schools.
        person, second = number - (number + 1) // 5, number % 5 == 4
        since = f"20{10 + person % 14:02d}-{1 + person % 12:02d}-01"
        begin = since if number != broken else "2026-02-30"
        code = school_code((person * 7 + second) % schools_known)
        lines.append(
            f"P{person:06d},Leraar Nº {person} de Vries,p{person}@bestuur.example,{code},teacher,0.5,{begin},,{since}")
    return ("\n".join(lines) + "\n").encode("utf-8")
