"""Names of countries, states and peoples, which are capitalised as people's names are and seldom are one."""

from __future__ import annotations

from retrieval.text.lexicon import word_set

COUNTRIES = word_set(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus
    belgium bolivia bosnia botswana brazil britain bulgaria burma cambodia cameroon canada chile china colombia
    congo croatia cuba cyprus denmark ecuador egypt england eritrea estonia ethiopia finland france gaza germany ghana
    greece guatemala haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan kenya
    korea kosovo kuwait laos latvia lebanon liberia libya lithuania malaysia mali malta mexico moldova mongolia
    morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama
    paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia
    slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand tunisia turkey uganda ukraine
    uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe america u.s u.k usa uk eu europe asia africa
    antarctica"""
)
REGIONS = word_set(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana
    iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada hampshire ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont wisconsin wyoming
    ontario quebec alberta manitoba scotia queensland crimea kashmir tibet catalonia bavaria"""
)
CITIES = word_set(
    """amsterdam athens atlanta baghdad baltimore bangkok barcelona beijing beirut berlin boston brussels budapest
    cairo caracas chicago copenhagen dallas damascus delhi denver detroit dublin geneva glasgow hanoi harlem havana
    helsinki honolulu istanbul jakarta jerusalem kabul karachi kiev kyiv lagos lisbon liverpool london madrid manhattan
    manila melbourne memphis miami milan milwaukee minneapolis montreal moscow mumbai munich nairobi orlando oslo
    ottawa paris philadelphia phoenix pittsburgh portland prague pyongyang riyadh rome sacramento seattle seoul shanghai
    stockholm sydney tehran tokyo toronto tulsa vienna warsaw washington wuhan zurich brooklyn"""
)
DEMONYMS = word_set(
    """afghan african american arab argentine asian australian austrian belgian brazilian british canadian catholic
    chilean chinese christian colombian cuban czech danish dutch egyptian english european finnish french german greek
    hindu hispanic hungarian indian indonesian iranian iraqi irish islamic israeli italian japanese jewish jordanian
    kenyan korean latino latin lebanese libyan mexican muslim nigerian norwegian pakistani palestinian polish portuguese
    protestant romanian russian saudi scottish serbian spanish sunni shiite swedish swiss syrian thai turkish ukrainian
    venezuelan vietnamese welsh yemeni"""
)
"""Adjectives of peoples and faiths."""

COUNTRY_NAMES = (
    COUNTRIES
    - word_set("gaza england scotland wales europe asia africa antarctica eu america u.s u.k usa uk korea")
    | word_set(
        """bahamas barbados belize benin bhutan brunei burundi chad djibouti fiji gabon gambia georgia guinea guyana
        jordan kazakhstan kyrgyzstan lesotho luxembourg macedonia madagascar malawi mauritania mauritius montenegro
        nauru seychelles suriname tajikistan togo tonga turkmenistan us u.s. usa u.s.a. uk u.k."""
    )
    | frozenset(
        {
            "burkina faso", "cape verde", "central african republic", "costa rica", "czech republic",
            "dominican republic", "east timor", "el salvador", "equatorial guinea", "ivory coast", "new zealand",
            "north korea", "papua new guinea", "saudi arabia", "sierra leone", "solomon islands", "south africa",
            "south korea", "south sudan", "sri lanka", "trinidad and tobago", "united arab emirates", "united kingdom",
            "united states", "vatican city",
        }
    )
)  # fmt: skip
"""Names of countries, of one or more words, without continents, unions and parts of countries."""

STATE_NAMES = (
    REGIONS
    - word_set("hampshire rhode ontario quebec alberta manitoba scotia queensland")
    - word_set("crimea kashmir tibet catalonia bavaria")
    | word_set("virginia georgia")
    | frozenset(
        {
            "new hampshire", "new jersey", "new mexico", "new york", "north carolina", "north dakota", "rhode island",
            "south carolina", "south dakota", "west virginia",
        }
    )
)  # fmt: skip
"""Names of states of the United States, of one or more words; Washington is rather the city."""

PLACES = COUNTRIES | REGIONS | CITIES
"""Words that name a place by themselves."""
